import { Button, Modal } from '@mantine/core'
import type { UseMutationResult } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ProblemNotice } from './notice.tsx'
import styles from './two-step.module.css'

interface TwoStepProps {
  /** What is done, as the button and the title say it. */
  label: string
  /** What follows from it, in figures. */
  consequence: ReactNode
  /** Why it may not be done now; the button is then dead and says so. */
  refusal: string | null
  action: Pick<UseMutationResult<unknown, Error, void>, 'mutateAsync' | 'isPending' | 'isError' | 'error' | 'reset'>
  primary?: boolean
}

/** A button for what cannot be taken back: the first step states the consequence, the second does it. */
export function TwoStep({ label, consequence, refusal, action, primary }: TwoStepProps) {
  const [asking, setAsking] = useState(false)
  const confirm = async () => {
    // A failure stays on the screen: `action.error` tells it.
    const done = await action.mutateAsync().then(
      () => true,
      () => false,
    )
    if (done) setAsking(false)
  }
  return (
    <>
      <Button
        variant={primary ? 'filled' : 'default'}
        disabled={refusal !== null}
        title={refusal ?? undefined}
        onClick={() => {
          action.reset()
          setAsking(true)
        }}
      >
        {label}
      </Button>
      <Modal opened={asking} onClose={() => setAsking(false)} title={label} size={440}>
        <div className={styles.body}>
          <div>{consequence}</div>
          {action.isError && action.error && <ProblemNotice error={action.error} />}
          <div className={styles.actions}>
            <Button onClick={() => setAsking(false)}>Cancel</Button>
            <Button variant="filled" loading={action.isPending} onClick={() => void confirm()}>
              {label}
            </Button>
          </div>
        </div>
      </Modal>
    </>
  )
}
