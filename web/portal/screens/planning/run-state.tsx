import type { DemandRun } from '../../../../schemas/planning/demand-runs.ts'
import { Mark } from '../../../shared/components/mark.tsx'
import { percent } from '../../../shared/format/power.ts'
import styles from './planning.module.css'
import { runStateWords } from './words.ts'

/** The state of a run, with how far it is while it is worked on. */
export function RunState({
  run: { state, progress, title },
}: {
  run: Pick<DemandRun, 'state' | 'progress' | 'title'>
}) {
  if (state !== 'running') return <Mark {...runStateWords[state]} />
  return (
    <span className={styles.progress}>
      <Mark {...runStateWords.running} />
      <progress max={1} value={progress ?? 0} aria-label={`Progress of ${title}`} />
      <span className="rm-number">{percent(progress ?? 0, 0)}</span>
    </span>
  )
}
