package main

import (
	"fmt"
	"time"
)

// Ends: time passes while a goroutine polls.
func main() {
	stop := make(chan bool)
	go func() {
		for {
			select {
			case <-stop:
				return
			default:
			}
		}
	}()
	time.Sleep(time.Millisecond)
	close(stop)
	fmt.Println("done")
}
