import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Fields } from '../../../shared/components/fields.tsx'
import { ProofRefused } from '../../../shared/components/notice.tsx'
import styles from './account.module.css'
import { CodeField, codeHint, PasswordField } from './proof-fields.tsx'
import { QrCode } from './qr-code.tsx'
import { RecoveryCodes } from './recovery-codes.tsx'

interface SetupProps {
  /** Whether there is a second factor already, which this one replaces. */
  replaces: boolean
  onCancel?: () => void
  onDone: () => void
}

/** Sets up an authenticator app in three steps: password, first code, recovery codes. */
export function SecondFactorSetup({ replaces, onCancel, onDone }: SetupProps) {
  const [app, setApp] = useState<{ secret: string; uri: string } | null>(null)
  const [recoveryCodes, setRecoveryCodes] = useState<readonly string[] | null>(null)
  if (recoveryCodes) return <RecoveryCodes codes={recoveryCodes} onDone={onDone} />
  if (app) return <FirstCode app={app} onConfirmed={setRecoveryCodes} onCancel={onCancel} />
  return <Begin replaces={replaces} onBegun={setApp} onCancel={onCancel} />
}

function Begin({
  replaces,
  onBegun,
  onCancel,
}: Pick<SetupProps, 'replaces'> & {
  onBegun: (app: { secret: string; uri: string }) => void
  onCancel: (() => void) | undefined
}) {
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const begin = useMutation({
    mutationFn: () =>
      api.call(operations.beginSecondFactor, { body: { password, code: replaces ? code.trim() : undefined } }),
    onSuccess: onBegun,
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    begin.mutate()
  }
  return (
    <form className={styles.form} onSubmit={onSubmit}>
      <Fields>
        <PasswordField value={password} onText={setPassword} />
        {replaces && <CodeField label="Current code" hint={codeHint} value={code} onText={setCode} />}
      </Fields>
      {begin.isError && <ProofRefused error={begin.error} />}
      <Steps onCancel={onCancel} pending={begin.isPending} label="Next" />
    </form>
  )
}

function FirstCode({
  app,
  onConfirmed,
  onCancel,
}: {
  app: { secret: string; uri: string }
  onConfirmed: (recoveryCodes: readonly string[]) => void
  onCancel: (() => void) | undefined
}) {
  const [code, setCode] = useState('')
  const confirm = useMutation({
    mutationFn: () => api.call(operations.confirmSecondFactor, { body: { code: code.trim() } }),
    onSuccess: (answer) => onConfirmed(answer.recoveryCodes),
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    confirm.mutate()
  }
  return (
    <form className={styles.form} onSubmit={onSubmit}>
      <div>
        <p>Scan this with an authenticator app, or enter the key below into the app. Then enter the code it shows.</p>
        <QrCode text={app.uri} label="QR code for an authenticator app" />
      </div>
      <div>
        Key: <code className={styles.secret}>{app.secret}</code>
      </div>
      <Fields>
        <CodeField value={code} onText={setCode} hint="Six digits, new every 30 seconds" />
      </Fields>
      {confirm.isError && <ProofRefused error={confirm.error} />}
      <Steps onCancel={onCancel} pending={confirm.isPending} label="Confirm" />
    </form>
  )
}

function Steps({ onCancel, pending, label }: { onCancel: (() => void) | undefined; pending: boolean; label: string }) {
  return (
    <div className={styles.actions}>
      {onCancel && <Button onClick={onCancel}>Cancel</Button>}
      <Button type="submit" variant="filled" loading={pending}>
        {label}
      </Button>
    </div>
  )
}
