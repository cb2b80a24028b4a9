/** What a run on a known schedule prints. */
import type { Image } from '../language/image.ts';
import { Machine } from '../machine/machine.ts';
import type { Choice } from '../run/policy.ts';

/** Both streams, in their order. */
export function outputOf(image: Image, schedule: readonly Choice[], preemption: boolean): string {
  const machine = new Machine(image, { preemption });
  machine.reset();
  for (const { thread, answer } of schedule) machine.step(thread, answer);
  return machine.output.map((one) => one.text).join('');
}
