import type { CommissioningRun, CommissioningStep } from '../../../../schemas/fsp/commissioning.ts'
import type { Wording } from '../../../shared/format/words.ts'

export const runWords: Record<CommissioningRun['state'], Wording> = {
  running: { word: 'Running', tone: 'normal', shape: 'arrow' },
  passed: { word: 'Passed', tone: 'normal', shape: 'tick' },
  failed: { word: 'Failed', tone: 'fault', shape: 'cross' },
  stopped: { word: 'Stopped', tone: 'risk', shape: 'square' },
}

export const verdictWords: Record<CommissioningStep['verdict'], Wording> = {
  waiting: { word: 'Waiting', tone: 'quiet', shape: 'ring' },
  running: { word: 'Running', tone: 'normal', shape: 'arrow' },
  passed: { word: 'Passed', tone: 'normal', shape: 'tick' },
  failed: { word: 'Failed', tone: 'fault', shape: 'cross' },
  skipped: { word: 'Skipped', tone: 'quiet', shape: 'bar' },
}

const kindWords: Record<CommissioningStep['kind'], string> = {
  'set-point': 'Set point',
  unlock: 'Unlock',
  reboot: 'Reboot',
  measures: 'Readings',
}

/** What a step tries: `Set point 16 A, socket 1`. */
export function stepWords({ kind, limitA, connector }: CommissioningStep): string {
  const limit = limitA === null ? '' : ` ${limitA} A`
  return `${kindWords[kind]}${limit}${connector === null ? '' : `, socket ${connector}`}`
}
