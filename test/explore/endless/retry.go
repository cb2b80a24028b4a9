package main

import "sync"

// Tries for a lock and counts; an early look panics.
func main() {
	var mu sync.Mutex
	tries := 0
	mu.Lock()
	go func() { mu.Unlock() }()
	for !mu.TryLock() {
		tries++
	}
	if tries > 1 {
		panic("late")
	}
}
