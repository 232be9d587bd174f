import { Button } from '@mantine/core'
import type { ReactNode } from 'react'
import { ApiProblem } from '../api/client.ts'
import type { Tone } from '../format/words.ts'
import { Glyph } from './mark.tsx'
import styles from './notice.module.css'

/** A sentence that the reader should not miss. */
export function Notice({ tone = 'normal', title, children }: { tone?: Tone; title?: string; children?: ReactNode }) {
  const shape = tone === 'fault' ? 'triangle' : tone === 'risk' ? 'diamond' : tone === 'doubt' ? 'dashed' : 'ring'
  return (
    <div className={styles.notice} data-tone={tone} role={tone === 'fault' ? 'alert' : 'status'}>
      <Glyph shape={shape} tone={tone} />
      <div className={styles.text}>
        {title && <strong className={styles.title}>{title}</strong>}
        {children && <div>{children}</div>}
      </div>
    </div>
  )
}

/** A problem in words: what, where, and what to do; field errors one a line. */
export function ProblemNotice({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const given = error instanceof ApiProblem ? error.problem : null
  const fields = given?.errors ?? []
  return (
    <Notice tone="fault" title={given?.title ?? 'This page failed'}>
      <p className={styles.detail}>{given ? given.detail : error.message}</p>
      {fields.length > 0 && given?.status !== 422 && <FieldList fields={fields} />}
      {fields.length > 1 && given?.status === 422 && <FieldList fields={fields} />}
      {onRetry && <Button onClick={onRetry}>Try again</Button>}
    </Notice>
  )
}

/** Why what a person entered to prove who they are was not taken: the server’s own sentence is enough. */
export function ProofRefused({ error }: { error: Error }) {
  if (error instanceof ApiProblem && error.kind === 'second-factor-needed') return <Notice>{error.message}</Notice>
  if (error instanceof ApiProblem && [401, 409, 429, 503].includes(error.status))
    return <Notice tone="fault">{error.message}</Notice>
  return <ProblemNotice error={error} />
}

function FieldList({ fields }: { fields: readonly { field: string; message: string }[] }) {
  return (
    <ul className={styles.fields}>
      {fields.map(({ field, message }) => (
        <li key={`${field} ${message}`}>
          <code>{field}</code> {message}
        </li>
      ))}
    </ul>
  )
}

/** What stands where there is nothing to list. */
export function Nothing({ children }: { children: ReactNode }) {
  return <p className={styles.nothing}>{children}</p>
}
