package main

import "sync/atomic"

// Each spins on the flag that the other one would set after its own: a livelock.
func main() {
	var a, b atomic.Bool
	go func() {
		for !a.Load() {
		}
		b.Store(true)
	}()
	for !b.Load() {
	}
	a.Store(true)
}
