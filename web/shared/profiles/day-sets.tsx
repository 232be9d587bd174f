import { Button } from '@mantine/core'
import { shortDay } from '../format/time.ts'
import styles from './day-sets.module.css'
import type { Draft } from './draft.ts'

/** Which days are being edited: all that nothing else says otherwise, a season, or a single day. */
export type DaySet = { kind: 'year' } | { kind: 'season'; index: number } | { kind: 'exception'; index: number }

export interface DaySetsProps {
  draft: Draft
  chosen: DaySet
  faults: ReadonlyMap<string, string>
  onChoose: (set: DaySet) => void
  onChange: (change: Partial<Draft>) => void
}

/** Chooses which days to edit, and adds seasons and single days. */
export function DaySets({ draft, chosen, faults, onChoose, onChange }: DaySetsProps) {
  const { seasons, exceptions } = draft
  const isChosen = (set: DaySet) =>
    set.kind === chosen.kind && ('index' in set ? set.index : 0) === ('index' in chosen ? chosen.index : 0)
  const entries: { set: DaySet; label: string; path: string }[] = [
    { set: { kind: 'year' }, label: seasons.length > 0 ? 'Rest of the year' : 'All year', path: 'week' },
    ...seasons.map((season, index) => ({
      set: { kind: 'season' as const, index },
      label: season.name || 'Unnamed season',
      path: `seasons.${index}.`,
    })),
    ...exceptions.map(({ day }, index) => ({
      set: { kind: 'exception' as const, index },
      label: day ? shortDay(day) : 'A single day',
      path: `exceptions.${index}.`,
    })),
  ]
  const addSeason = () => {
    const { weekday, weekend } = draft
    onChange({ seasons: [...seasons, { name: '', from: '11-01', to: '03-31', weekday, weekend }] })
    onChoose({ kind: 'season', index: seasons.length })
  }
  const addException = () => {
    onChange({ exceptions: [...exceptions, { day: '', steps: draft.weekday }] })
    onChoose({ kind: 'exception', index: exceptions.length })
  }
  return (
    <div className={styles.sets}>
      {entries.map(({ set, label, path }) => {
        const faulty = [...faults.keys()].some((field) => field.startsWith(path))
        return (
          <button
            key={path}
            type="button"
            className={styles.set}
            aria-pressed={isChosen(set)}
            onClick={() => onChoose(set)}
          >
            {label}
            {faulty && <span className={styles.faulty}> needs attention</span>}
          </button>
        )
      })}
      <Button size="compact-sm" disabled={seasons.length >= 8} onClick={addSeason}>
        Add a season
      </Button>
      <Button size="compact-sm" onClick={addException}>
        Add a single day
      </Button>
    </div>
  )
}
