/* Dining philosophers, as in philosophers.coro: a statement takes one fork, or puts both down. */
#ifndef N
#define N 6
#endif

bool taken[N];

proctype philosopher(byte first; byte second) {
  do
  :: atomic { !taken[first] -> taken[first] = true };
     atomic { !taken[second] -> taken[second] = true };
     d_step { taken[first] = false; taken[second] = false }
  od
}

init {
  byte i;
  d_step { skip };
  atomic {
    for (i : 0 .. N - 1) {
      if
#ifdef ORDERED
      :: i == N - 1 -> run philosopher(0, i)
#endif
      :: i < N - 1 -> run philosopher(i, i + 1)
#ifndef ORDERED
      :: i == N - 1 -> run philosopher(i, 0)
#endif
      fi
    }
    i = 0
  }
end:
  false
}
