import { Button, Checkbox } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { FailSafePolicy } from '../../../../schemas/dispatch/import-limits.ts'
import type { Connection } from '../../../../schemas/grid/connections.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { Notice } from '../../../shared/components/notice.tsx'
import { SaveProblem } from '../../../shared/components/save-problem.tsx'
import { count, kw } from '../../../shared/format/power.ts'
import styles from '../targets/targets.module.css'
import { type FailSafeDraft, readFailSafe } from './fail-safe-draft.ts'

interface FailSafeFormProps {
  policy: FailSafePolicy
  site: Connection
  /** FUs at the connection. */
  units: number
  onReload: () => void
  onDone: () => void
}

/** Sets when FSPs are sent a fail-safe limit. It is in force at once: a protection does not wait for a second person. */
export function FailSafeForm({ policy, site, units, onReload, onDone }: FailSafeFormProps) {
  const { connectionId } = site
  const [draft, setDraft] = useState<FailSafeDraft>({
    onBreach: policy.onBreach,
    onLinkLost: policy.onLinkLost,
    failSafeKw: String(policy.failSafeW / 1_000),
    validMinutes: String(policy.validMinutes),
  })
  const [tried, setTried] = useState(false)
  const { body, faults } = readFailSafe(draft)
  const save = useMutation({
    mutationFn: (given: NonNullable<typeof body>) =>
      api.call(operations.saveFailSafePolicy, { params: { id: connectionId }, body: given, version: policy.revision }),
    onSuccess: onDone,
  })
  const set = (change: Partial<FailSafeDraft>) => setDraft((before) => ({ ...before, ...change }))
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (body) save.mutate(body)
  }
  return (
    <form className={styles.form} onSubmit={onSubmit} noValidate>
      <Checkbox
        size="xs"
        label="During a breach"
        description="FSPs are limited from the breach to its end."
        checked={draft.onBreach}
        onChange={(event) => set({ onBreach: event.currentTarget.checked })}
      />
      <Checkbox
        size="xs"
        label="Against a loss of the link"
        description="FSPs always have a limit, renewed at half its time. If renewals stop, they fall to the fail-safe limit on their own."
        checked={draft.onLinkLost}
        onChange={(event) => set({ onLinkLost: event.currentTarget.checked })}
      />
      <Fields>
        <Field
          label="Falls to"
          unit="kW"
          inputMode="decimal"
          value={draft.failSafeKw}
          fault={tried ? faults.failSafeKw : null}
          hint={`The limit in force now is ${kw(site.limitW)}.`}
          onChange={(event) => set({ failSafeKw: event.currentTarget.value })}
        />
        <Field
          label="Valid without renewal"
          unit="minutes"
          inputMode="numeric"
          value={draft.validMinutes}
          fault={tried ? faults.validMinutes : null}
          onChange={(event) => set({ validMinutes: event.currentTarget.value })}
        />
      </Fields>
      {body && (body.onBreach || body.onLinkLost) && (
        <Notice tone={body.failSafeW < site.limitW ? 'risk' : 'normal'}>
          {consequenceOf(body.failSafeW, site.limitW, units)}
        </Notice>
      )}
      {save.isError && <SaveProblem error={save.error} fields={['failSafeW', 'validMinutes']} onReload={onReload} />}
      <span>
        <Button type="submit" variant="filled" loading={save.isPending}>
          Save, in force at once
        </Button>
      </span>
    </form>
  )
}

function consequenceOf(failSafeW: number, limitW: number, units: number): string {
  const whom = units === 0 ? 'No FU is here yet' : `${count(units, 'FU')} here would fall to ${kw(failSafeW)}`
  const less = limitW - failSafeW
  return less > 0
    ? `${whom}, ${kw(less)} under the limit in force now.`
    : `${whom}, which is not under the limit in force.`
}
