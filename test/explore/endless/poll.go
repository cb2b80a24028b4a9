package main

// Every execution ends, but no bound holds for all: the loop counts.
func main() {
	stop := make(chan bool)
	n := 0
	go func() { close(stop) }()
	for {
		select {
		case <-stop:
			return
		default:
			n++
		}
	}
}
