import { lazy, Suspense, useEffect, useState } from 'react'
import { askForProofBy } from '../../shared/api/client.ts'

const ProofDialog = lazy(() => import('./proof-dialog.tsx').then((at) => ({ default: at.ProofDialog })))

/**
 * Asks for password and code whenever a call needs a recent authentication, on whatever screen; the call then goes through. It stands
 * above the dialog that the call may have come from.
 */
export function ConfirmIdentity() {
  const [answer, setAnswer] = useState<((isConfirmed: boolean) => void) | null>(null)
  const [isAsked, setIsAsked] = useState(false)
  useEffect(() => {
    let open: ((isConfirmed: boolean) => void) | null = null
    const forget = askForProofBy(
      () =>
        new Promise((resolve) => {
          open = resolve
          setAnswer(() => resolve)
          setIsAsked(true)
        }),
    )
    return () => {
      forget()
      open?.(false)
    }
  }, [])
  const finish = (isConfirmed: boolean) => {
    answer?.(isConfirmed)
    setAnswer(null)
  }
  if (!isAsked) return null
  return (
    <Suspense>
      <ProofDialog isOpen={answer !== null} onDone={finish} />
    </Suspense>
  )
}
