import { type ComponentProps, type KeyboardEvent, type ReactNode, useId, useState } from 'react'
import styles from './fields.module.css'

/** A form's fields, label beside input. */
export function Fields({ children }: { children: ReactNode }) {
  return <div className={styles.fields}>{children}</div>
}

interface FieldProps {
  label: string
  /** What is wrong with the value, in words. */
  fault?: string | null | undefined
  hint?: ReactNode
  /** What a reader who does not know the term wants to know; a button beside the label opens it. */
  more?: ReactNode
}

/** What tells more of an input: the fault first, so that it is read out first. */
function describedBy(id: string, { fault, hint }: Pick<FieldProps, 'fault' | 'hint'>): string | undefined {
  return [fault && `${id}-fault`, hint && `${id}-hint`].filter(Boolean).join(' ') || undefined
}

function Frame({ id, label, fault, hint, more, children }: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <div>
        <More id={id} label={label} more={more}>
          {children}
        </More>
        {fault && (
          <div id={`${id}-fault`} className={styles.fault} role="alert">
            {fault}
          </div>
        )}
        {hint && (
          <div id={`${id}-hint`} className={styles.hint}>
            {hint}
          </div>
        )}
      </div>
    </div>
  )
}

/** An input with the button that opens its explanation: by click and by keyboard, and closed again by Escape. */
function More({ id, label, more, children }: Pick<FieldProps, 'label' | 'more'> & { id: string; children: ReactNode }) {
  const [isOpen, setIsOpen] = useState(false)
  if (!more) return children
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || !isOpen) return
    // What the field stands in stays open.
    event.preventDefault()
    setIsOpen(false)
  }
  return (
    <>
      <span className={styles.withMore}>
        {children}
        <button
          type="button"
          className={styles.more}
          aria-label={`What is “${label}”?`}
          aria-expanded={isOpen}
          aria-controls={`${id}-more`}
          onClick={() => setIsOpen(!isOpen)}
          onKeyDown={onKeyDown}
        >
          ?
        </button>
      </span>
      <div id={`${id}-more`} className={styles.explanation} hidden={!isOpen}>
        {more}
      </div>
    </>
  )
}

/** A labelled input of any type. `unit` stands behind it. */
export function Field({
  label,
  fault,
  hint,
  more,
  unit,
  ...input
}: FieldProps & { unit?: string | undefined } & Omit<ComponentProps<'input'>, 'id'>) {
  const id = useId()
  return (
    <Frame id={id} label={label} fault={fault} hint={hint} more={more}>
      <span className={styles.withUnit}>
        <input
          id={id}
          className="rm-select"
          aria-invalid={fault ? true : undefined}
          aria-describedby={describedBy(id, { fault, hint })}
          {...input}
        />
        {unit && <span>{unit}</span>}
      </span>
    </Frame>
  )
}

/** A labelled choice of one. */
export function Choice({
  label,
  fault,
  hint,
  more,
  children,
  ...select
}: FieldProps & Omit<ComponentProps<'select'>, 'id'>) {
  const id = useId()
  return (
    <Frame id={id} label={label} fault={fault} hint={hint} more={more}>
      <select
        id={id}
        className="rm-select"
        aria-invalid={fault ? true : undefined}
        aria-describedby={describedBy(id, { fault, hint })}
        {...select}
      >
        {children}
      </select>
    </Frame>
  )
}
