import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { OwnAccount } from '../../../../schemas/access/own-account.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { sessionQuery } from '../../../shared/api/session.ts'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { count } from '../../../shared/format/power.ts'
import { dayInWords, dayOf } from '../../../shared/format/time.ts'
import { ownAccountQuery } from '../../account-queries.ts'
import styles from './account.module.css'
import { SecondFactorSetup } from './second-factor-setup.tsx'

/** Whether a second factor is set up, since when, and the ways to set up another or to remove it. */
export function SecondFactor({ account }: { account: OwnAccount }) {
  const queries = useQueryClient()
  const [settingUp, setSettingUp] = useState(false)
  const since = account.secondFactorSince
  const readAgain = () =>
    Promise.all([ownAccountQuery, sessionQuery].map(({ queryKey }) => queries.invalidateQueries({ queryKey })))
  const remove = useMutation({
    mutationFn: () => api.call(operations.removeSecondFactor, {}),
    onSuccess: readAgain,
  })
  const onDone = () => {
    setSettingUp(false)
    void readAgain()
  }
  if (settingUp)
    return <SecondFactorSetup replaces={since !== null} onCancel={() => setSettingUp(false)} onDone={onDone} />
  return (
    <div className={styles.form}>
      <div>
        {since === null
          ? 'Not set up: this account needs only your password.'
          : `Set up since ${dayInWords(dayOf(since))}, ${count(account.recoveryCodesLeft, 'recovery code')} left.`}
      </div>
      <div className={styles.actions}>
        <Button onClick={() => setSettingUp(true)}>{since === null ? 'Set up' : 'Set up another'}</Button>
        {since !== null && !account.secondFactorRequired && (
          <TwoStep
            label="Remove"
            refusal={null}
            action={remove}
            consequence="This account will then need only your password. All your other sessions end."
          />
        )}
      </div>
    </div>
  )
}
