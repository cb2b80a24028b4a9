package main

// Two play for ever and count.
func main() {
	ping, pong := make(chan int), make(chan int)
	go func() {
		for {
			pong <- <-ping + 1
		}
	}()
	n := 0
	for {
		ping <- n
		n = <-pong
	}
}
