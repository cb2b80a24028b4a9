package main

import (
	"fmt"
	"sync/atomic"
	"time"
)

// Main polls, and a timer ends that.
func main() {
	var flag atomic.Bool
	time.AfterFunc(5*time.Millisecond, func() { flag.Store(true) })
	for !flag.Load() {
	}
	fmt.Println("done")
}
