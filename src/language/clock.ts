/** Whether a program has to do with time: then it matters when time passes. */
import type { Image } from './image.ts';

/** Functions of package time that start a timer nobody can look at. */
const TIMERS = /^(?:Sleep|AfterFunc)$/;
/** Those that read the clock, and those whose channel does: from Go 1.23 on, who looks into the
 *  channel of a timer asks what time it is. */
const READERS = /^(?:Now|Since|Until|After|NewTimer|NewTicker|Tick)$/;

/** Whether the program sleeps, starts a timer, or asks what time it is. */
export function usesClock(image: Image): boolean {
  return hasOf(image, TIMERS) || hasOf(image, READERS);
}

/** Whether the program asks what time it is, itself or by looking into a timer's channel. */
export function readsClock(image: Image): boolean {
  return hasOf(image, READERS);
}

function hasOf({ functions }: Image, names: RegExp): boolean {
  return functions.some(
    ({ name, packageName }) =>
      packageName === 'time' && names.test(name.slice(name.lastIndexOf('.') + 1)),
  );
}
