import { type ComponentProps, type ReactNode, useId } from 'react'
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
}

function Frame({ id, label, fault, hint, children }: FieldProps & { id: string; children: ReactNode }) {
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <div>
        {children}
        {fault && (
          <div className={styles.fault} role="alert">
            {fault}
          </div>
        )}
        {hint && <div className={styles.hint}>{hint}</div>}
      </div>
    </div>
  )
}

/** A labelled input of any type. `unit` stands behind it. */
export function Field({
  label,
  fault,
  hint,
  unit,
  ...input
}: FieldProps & { unit?: string } & Omit<ComponentProps<'input'>, 'id'>) {
  const id = useId()
  return (
    <Frame id={id} label={label} fault={fault} hint={hint}>
      <span className={styles.withUnit}>
        <input id={id} className="rm-select" aria-invalid={fault ? true : undefined} {...input} />
        {unit && <span>{unit}</span>}
      </span>
    </Frame>
  )
}

/** A labelled choice of one. */
export function Choice({ label, fault, hint, children, ...select }: FieldProps & Omit<ComponentProps<'select'>, 'id'>) {
  const id = useId()
  return (
    <Frame id={id} label={label} fault={fault} hint={hint}>
      <select id={id} className="rm-select" aria-invalid={fault ? true : undefined} {...select}>
        {children}
      </select>
    </Frame>
  )
}
