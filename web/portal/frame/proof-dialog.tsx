import { Button, Modal } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type KeyboardEvent, useState } from 'react'
import { operations } from '../../../schemas/operations.ts'
import { ApiProblem, addressOf, api } from '../../shared/api/client.ts'
import { Fields } from '../../shared/components/fields.tsx'
import { ProofRefused } from '../../shared/components/notice.tsx'
import styles from '../screens/account/account.module.css'
import { CodeField, codeHint, PasswordField } from '../screens/account/proof-fields.tsx'

/** Escape within this dialog leaves open the one beneath it. */
const own = { 'data-mantine-stop-propagation': true }

/** Password and code, above whatever dialog the call came from. */
export function ProofDialog({ isOpen, onDone }: { isOpen: boolean; onDone: (isConfirmed: boolean) => void }) {
  return (
    <Modal
      opened={isOpen}
      onClose={() => onDone(false)}
      title="Confirm that it is you"
      size={480}
      zIndex={400}
      closeOnEscape={false}
      withCloseButton={false}
    >
      <ProofForm onDone={onDone} />
    </Modal>
  )
}

function ProofForm({ onDone }: { onDone: (isConfirmed: boolean) => void }) {
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [needsCode, setNeedsCode] = useState(false)
  const confirm = useMutation({
    mutationFn: () =>
      api.call(operations.confirmIdentity, { body: { password, code: needsCode ? code.trim() : undefined } }),
    onSuccess: () => onDone(true),
    onError: (error) => {
      if (error instanceof ApiProblem && error.kind === 'second-factor-needed') setNeedsCode(true)
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    // The dialog stands within a React tree that may be another form’s.
    event.stopPropagation()
    confirm.mutate()
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onDone(false)
  }
  const { pathname, search } = window.location
  const isElsewhere = confirm.error instanceof ApiProblem && confirm.error.status === 409
  return (
    <form className={styles.form} onSubmit={onSubmit} onKeyDown={onKeyDown}>
      <div>What you are about to do needs your password again. Nothing has been done yet.</div>
      <Fields>
        <PasswordField value={password} onText={setPassword} />
        {needsCode && <CodeField hint={codeHint} value={code} onText={setCode} />}
      </Fields>
      {confirm.isError && <ProofRefused error={confirm.error} />}
      <div className={styles.actions}>
        <Button onClick={() => onDone(false)} {...own}>
          Cancel
        </Button>
        {isElsewhere && (
          <Button
            component="a"
            href={addressOf(operations.beginLogIn, { query: { next: pathname + search, again: 'true' } })}
          >
            Log in again
          </Button>
        )}
        <Button type="submit" variant="filled" loading={confirm.isPending} {...own}>
          Confirm
        </Button>
      </div>
    </form>
  )
}
