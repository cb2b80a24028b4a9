/* Peterson's lock, as in peterson.coro: a statement is one access to one shared variable. */
bit flag[2];
bit turn;
byte inside;
bit gate;

proctype contender(bit me) {
  gate;
  do
  ::
#ifdef TURN_FIRST
    turn = 1 - me;
    flag[me] = 1;
#else
    flag[me] = 1;
    turn = 1 - me;
#endif
again:
    if
    :: flag[1 - me] == 1 ->
       if
       :: turn == 1 - me -> goto again
       :: else
       fi
    :: else
    fi;
    d_step { inside++; assert(inside == 1) };
    inside--;
    flag[me] = 0
  od
}

init {
  atomic { run contender(0); run contender(1) };
  gate = 1;
end:
  false
}
