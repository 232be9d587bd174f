import { count, fixed } from '../../../../shared/format/power.ts'
import type { PointDifference } from './typed.ts'

/** `2 points added, 1 changed, 3 removed.` */
export function differenceInWords({ added, changed, removed }: PointDifference): string {
  const parts = [
    [added, 'added'],
    [changed, 'changed'],
    [removed, 'removed'],
  ] as const
  const said = parts.filter(([n]) => n > 0)
  return `${said.map(([n, word], i) => `${i === 0 ? count(n, 'point') : fixed(n, 0)} ${word}`).join(', ')}.`
}

/** What follows from a change of a map: `It changes how 14 hubs are read.` */
export function reachInWords(hubs: number): string {
  return hubs === 0
    ? 'No hub uses this map.'
    : `It changes how ${count(hubs, 'hub')} ${hubs === 1 ? 'is' : 'are'} read.`
}
