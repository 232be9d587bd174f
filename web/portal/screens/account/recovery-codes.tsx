import { Button, Checkbox } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { useState } from 'react'
import styles from './account.module.css'

/** The recovery codes, shown this once; the way on opens when the person says that they have kept them. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const [kept, setKept] = useState(false)
  const [copied, setCopied] = useState(false)
  useBlocker({
    shouldBlockFn: () => !kept && !window.confirm('The recovery codes are not shown again. Leave anyway?'),
    enableBeforeUnload: () => !kept,
  })
  const copy = async () => {
    await navigator.clipboard.writeText(codes.join('\n'))
    setCopied(true)
  }
  return (
    <div className={styles.form}>
      <div>
        <p>
          <strong>The second factor is set up.</strong> Each recovery code works once, for when you do not have the app
          with you. The codes are not shown again: keep them where only you can find them.
        </p>
      </div>
      <ul className={styles.codes} aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className={styles.actions}>
        {/* Browsers offer the clipboard to pages over HTTPS only. */}
        {'clipboard' in navigator && <Button onClick={() => void copy()}>{copied ? 'Copied' : 'Copy'}</Button>}
        <Button onClick={() => window.print()}>Print</Button>
      </div>
      <Checkbox
        size="xs"
        label="I have saved them"
        checked={kept}
        onChange={(event) => setKept(event.currentTarget.checked)}
      />
      <div className={styles.actions}>
        <Button variant="filled" disabled={!kept} onClick={onDone}>
          Continue
        </Button>
      </div>
    </div>
  )
}
