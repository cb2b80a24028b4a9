package main

import "sync/atomic"

// A spin that ends when the other one moves.
func main() {
	var ready atomic.Bool
	go func() { ready.Store(true) }()
	for !ready.Load() {
	}
}
