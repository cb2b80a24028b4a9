package main

import (
	"fmt"
	"runtime"
	"time"
)

// The same with a channel, and polite.
func main() {
	c := time.After(time.Millisecond)
	for {
		select {
		case <-c:
			fmt.Println("done")
			return
		default:
			runtime.Gosched()
		}
	}
}
