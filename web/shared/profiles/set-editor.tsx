import styles from './day-sets.module.css'
import type { DaySetsProps } from './day-sets.tsx'
import type { DraftException, DraftSeason } from './draft.ts'
import { ExceptionEditor, SeasonEditor } from './season-editor.tsx'
import { StepsEditor } from './steps-editor.tsx'

interface SetEditorProps extends Omit<DaySetsProps, 'onChoose'> {
  onRemoved: () => void
}

/** The limits of the chosen days. */
export function SetEditor({ draft, chosen, faults, onChange, onRemoved }: SetEditorProps) {
  if (chosen.kind === 'season') {
    const own = draft.seasons[chosen.index]
    if (!own) return null
    const replace = (next: DraftSeason[]) => onChange({ seasons: next })
    return (
      <SeasonEditor
        key={chosen.index}
        season={own}
        faultOf={(field) => faults.get(`seasons.${chosen.index}.${field}`)}
        onChange={(change) => replace(draft.seasons.map((s) => (s === own ? { ...s, ...change } : s)))}
        onRemove={() => {
          onRemoved()
          replace(draft.seasons.filter((s) => s !== own))
        }}
      />
    )
  }
  if (chosen.kind === 'exception') {
    const own = draft.exceptions[chosen.index]
    if (!own) return null
    const replace = (next: DraftException[]) => onChange({ exceptions: next })
    return (
      <ExceptionEditor
        key={chosen.index}
        exception={own}
        span={draft}
        faultOf={(field) => faults.get(`exceptions.${chosen.index}.${field}`)}
        onChange={(change) => replace(draft.exceptions.map((e) => (e === own ? { ...e, ...change } : e)))}
        onRemove={() => {
          onRemoved()
          replace(draft.exceptions.filter((e) => e !== own))
        }}
      />
    )
  }
  return (
    <div className={styles.pair}>
      <StepsEditor
        title="Weekdays"
        steps={draft.weekday}
        fault={faults.get('weekday')}
        onChange={(weekday) => onChange({ weekday })}
      />
      <StepsEditor
        title="Weekends"
        steps={draft.weekend}
        fault={faults.get('weekend')}
        onChange={(weekend) => onChange({ weekend })}
      />
    </div>
  )
}
