package main

// Two play for ever.
func main() {
	ping, pong := make(chan bool), make(chan bool)
	go func() {
		for {
			<-ping
			pong <- true
		}
	}()
	for {
		ping <- true
		<-pong
	}
}
