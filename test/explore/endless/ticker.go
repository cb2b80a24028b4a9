package main

import "time"

// Ticks for ever; time goes on, so no state comes again.
func main() {
	ticker := time.NewTicker(time.Millisecond)
	for range ticker.C {
	}
}
