import { Button } from '@mantine/core'
import { Choice, Fields } from '../../../shared/components/fields.tsx'
import styles from './experiments.module.css'

interface ChosenListProps {
  /** What is chosen, above the list of it. */
  title: string
  label: string
  hint: string
  options: readonly { id: string; name: string }[]
  chosen: readonly string[]
  /** Whether the list may not change any more. */
  isFixed: boolean
  fault: string | undefined
  onChange: (chosen: string[]) => void
}

/** Several of many, by name: those that are chosen, and a choice that adds another. */
export function ChosenList({ title, label, hint, options, chosen, isFixed, fault, onChange }: ChosenListProps) {
  const open = options.filter(({ id }) => !chosen.includes(id)).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const nameOf = (id: string) => options.find((option) => option.id === id)?.name ?? id
  if (isFixed && chosen.length === 0) return null
  return (
    <div>
      {chosen.length > 0 && <strong>{title}</strong>}
      {chosen.length > 0 && (
        <ul className={styles.chosen} aria-label={title}>
          {chosen.map((id) => (
            <li key={id}>
              <span>{nameOf(id)}</span>
              {!isFixed && (
                <Button
                  aria-label={`Remove ${nameOf(id)}`}
                  onClick={() => onChange(chosen.filter((each) => each !== id))}
                >
                  Remove
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {!isFixed && (
        <Fields>
          <Choice
            label={label}
            hint={hint}
            fault={fault}
            value=""
            onChange={(event) => event.currentTarget.value !== '' && onChange([...chosen, event.currentTarget.value])}
          >
            <option value="">Choose</option>
            {open.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Choice>
        </Fields>
      )}
    </div>
  )
}
