/* A bounded buffer of three places, as in buffer.coro. */
#ifndef CONSUMERS
#define CONSUMERS 1
#endif
#define PLACES 3

byte items[PLACES];
byte first;
byte held;
bit next;
bit expected;
bit gate;

proctype producer() {
  gate;
  do
  :: held < PLACES;
     d_step { items[(first + held) % PLACES] = next; next = 1 - next; held++ }
  od
}

proctype consumer() {
  gate;
  do
  :: held > 0;
     d_step {
       assert(held > 0);
       assert(items[first] == expected);
       items[first] = 0;
       first = (first + 1) % PLACES;
       expected = 1 - expected;
       held--
     }
  od
}

init {
  byte i;
  atomic {
    run producer();
    for (i : 1 .. CONSUMERS) { run consumer() }
    i = 0
  }
  gate = 1;
end:
  false
}
