/** Whether a program has to do with time: then it matters when time passes. */
import type { Image } from './image.ts';

/** Functions of package time that start a timer, and those that read the clock. */
const TIMERS = /^(?:Sleep|After|AfterFunc|NewTimer|NewTicker|Tick)$/;
const READERS = /^(?:Now|Since|Until)$/;

/** Whether the program sleeps, starts a timer, or asks what time it is. */
export function usesClock(image: Image): boolean {
  return hasOf(image, TIMERS) || hasOf(image, READERS);
}

/** Whether the program asks what time it is. */
export function readsClock(image: Image): boolean {
  return hasOf(image, READERS);
}

function hasOf({ functions }: Image, names: RegExp): boolean {
  return functions.some(
    ({ name, packageName }) =>
      packageName === 'time' && names.test(name.slice(name.lastIndexOf('.') + 1)),
  );
}
