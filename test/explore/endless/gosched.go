package main

import "runtime"

// Politely waits for nobody.
func main() {
	done := false
	for !done {
		runtime.Gosched()
	}
}
