package main

import (
	"fmt"
	"time"
)

// Polls the clock itself.
func main() {
	start := time.Now()
	for time.Since(start) < 20*time.Millisecond {
	}
	fmt.Println("done")
}
