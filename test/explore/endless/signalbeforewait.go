package main

import "sync"

// Deadlocks where a Signal comes before its Wait.
func main() {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	for {
		go func() { cond.Signal() }()
		mu.Lock()
		cond.Wait()
		mu.Unlock()
	}
}
