package main

import (
	"fmt"
	"sync/atomic"
	"time"
)

// Two spin on both processors while main sleeps.
func main() {
	var stop atomic.Bool
	for range 2 {
		go func() {
			for !stop.Load() {
			}
		}()
	}
	time.Sleep(time.Millisecond)
	stop.Store(true)
	fmt.Println("done")
}
