import type { ComplianceState } from '../../../schemas/grid/connections.ts'
import { kw, percent } from '../format/power.ts'
import styles from './load-bar.module.css'

/** The bar's right edge lies beyond the limit, so that load over it can be seen. */
const scaleOfLimit = 1.2

/** Load as a bar against the limit as a tick. */
export function LoadBar({ loadW, limitW, state }: { loadW: number | null; limitW: number; state: ComplianceState }) {
  const share = loadW === null || limitW <= 0 ? null : Math.max(0, loadW / limitW)
  const label =
    loadW === null || share === null
      ? 'No load known'
      : `${kw(loadW)} of ${kw(limitW)}, ${percent(share, 0)} of the limit`
  return (
    <span className={styles.bar} role="img" aria-label={label} title={label} data-state={state}>
      {share !== null && (
        <span className={styles.load} style={{ width: `${Math.min(100, (share / scaleOfLimit) * 100)}%` }} />
      )}
      <span className={styles.limit} style={{ left: `${100 / scaleOfLimit}%` }} />
    </span>
  )
}
