/* A thread sleeps until another has something for it, as in lostwakeup.coro. */
bit ready, asleep, wake, taken, gate;

proctype sleeper() {
  gate;
  do
  ::
#ifdef LOOKS_FIRST
look:
    if
    :: ready == 0 -> asleep = 1; wake; wake = 0; goto look
    :: else
    fi;
#else
    asleep = 1;
look:
    if
    :: ready == 0 -> wake; wake = 0; goto look
    :: else
    fi;
#endif
    asleep = 0;
    ready = 0;
    taken = 1
  od
}

proctype waker() {
  gate;
  do
  :: ready = 1;
     if
     :: asleep == 1 -> wake = 1
     :: else
     fi;
     taken;
     taken = 0
  od
}

init {
  atomic { run sleeper(); run waker() };
  gate = 1;
end:
  false
}
