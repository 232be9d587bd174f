import { Button, Modal } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { DepotState } from '../../../../schemas/fsp/depot-api.ts'
import type { Emergency } from '../../../../schemas/fsp/emergency.ts'
import { fspOperations } from '../../../../schemas/fsp/operations.ts'
import { useToday } from '../../../shared/clock.ts'
import { Field, Fields } from '../../../shared/components/fields.tsx'
import { Nothing, Notice, ProblemNotice } from '../../../shared/components/notice.tsx'
import { Section } from '../../../shared/components/page.tsx'
import twoStep from '../../../shared/components/two-step.module.css'
import { count, fixed, power } from '../../../shared/format/power.ts'
import { dayAndTime } from '../../../shared/format/time.ts'
import { api } from '../../api.ts'
import { useRefusal } from '../../session.ts'

/** Volts between phase and neutral, by which amperes are told as a power. */
const phaseV = 230

/** H23: optimisation ends at once and every socket keeps a limit, until the same roles end it. */
export function EmergencySection({ depot, emergencies }: { depot: DepotState; emergencies: readonly Emergency[] }) {
  const [isAsking, setIsAsking] = useState(false)
  const refusal = useRefusal(['fleet-admin'], depot.depotId)
  const today = useToday()
  const open = emergencies.find(({ endedAt }) => endedAt === null)
  const label = open ? 'End the emergency off' : 'Switch off at once'
  return (
    <Section
      title="Emergency off"
      actions={
        <Button
          variant={open ? 'default' : 'filled'}
          disabled={refusal !== null}
          title={refusal ?? undefined}
          onClick={() => setIsAsking(true)}
        >
          {label}
        </Button>
      }
    >
      {open && (
        <Notice tone="fault" title={`Optimisation is off; every socket keeps ${open.standingLimitA} A`}>
          Since {dayAndTime(open.since, today)}, by {open.startedBy}: {open.reason}
        </Notice>
      )}
      <Past emergencies={emergencies.filter(({ endedAt }) => endedAt !== null)} />
      <Modal opened={isAsking} onClose={() => setIsAsking(false)} title={label} size={480}>
        <EmergencyForm depot={depot} isOpen={open !== undefined} label={label} onDone={() => setIsAsking(false)} />
      </Modal>
    </Section>
  )
}

function Past({ emergencies }: { emergencies: readonly Emergency[] }) {
  const today = useToday()
  if (emergencies.length === 0) return <Nothing>No emergency off has ended here yet.</Nothing>
  return (
    <ul>
      {emergencies.map(({ since, endedAt, startedBy, endedBy, reason, standingLimitA }) => (
        <li key={since}>
          {dayAndTime(since, today)} to {endedAt === null ? 'now' : dayAndTime(endedAt, today)}, {standingLimitA} A,{' '}
          {startedBy}: {reason}. Ended by {endedBy}.
        </li>
      ))}
    </ul>
  )
}

interface EmergencyFormProps {
  depot: DepotState
  /** Whether an emergency is in force, which the form then ends. */
  isOpen: boolean
  label: string
  onDone: () => void
}

/** The second step: the consequence in figures, the depot’s identifier typed once more, and why. */
function EmergencyForm({ depot, isOpen, label, onDone }: EmergencyFormProps) {
  const queries = useQueryClient()
  const { depotId } = depot
  const [standing, setStanding] = useState('6')
  const [confirm, setConfirm] = useState('')
  const [reason, setReason] = useState('')
  const [wasTried, setWasTried] = useState(false)
  const standingLimitA = Number(standing)
  const send = useMutation({
    mutationFn: () =>
      isOpen
        ? api.call(fspOperations.switchOn, { params: { depotId }, body: { confirm, reason } })
        : api.call(fspOperations.switchOff, { params: { depotId }, body: { confirm, reason, standingLimitA } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['depot', depotId] })
      onDone()
    },
  })
  const faults = {
    standing:
      isOpen || (standing !== '' && Number.isInteger(standingLimitA) && isLimit(standingLimitA))
        ? null
        : 'Give 0, or whole amperes from 6 to 80: vehicles do not charge with less than 6 A.',
    confirm: confirm === depotId ? null : `Type ${depotId}.`,
    reason: reason.trim() === '' ? 'State why; it is kept with the emergency.' : null,
  }
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    setWasTried(true)
    if (Object.values(faults).every((fault) => fault === null)) send.mutate()
  }
  const shown = (fault: string | null) => (wasTried ? fault : null)
  return (
    <form className={twoStep.body} onSubmit={onSubmit} noValidate>
      <div>
        {isOpen
          ? `${depot.name} is optimised again, in the mode of before, and its sockets get their usual standing limit.`
          : consequence(depot, standingLimitA)}
      </div>
      <Fields>
        {!isOpen && (
          <Field
            label="Limit of every socket"
            unit="A"
            inputMode="numeric"
            value={standing}
            fault={shown(faults.standing)}
            onChange={(event) => setStanding(event.currentTarget.value)}
          />
        )}
        <Field
          label="Identifier of the depot"
          hint={`Type ${depotId} to confirm.`}
          value={confirm}
          fault={shown(faults.confirm)}
          onChange={(event) => setConfirm(event.currentTarget.value)}
        />
        <Field
          label="Reason"
          value={reason}
          maxLength={2_000}
          fault={shown(faults.reason)}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Fields>
      {send.isError && <ProblemNotice error={send.error} />}
      <div className={twoStep.actions}>
        <Button onClick={onDone}>Cancel</Button>
        <Button type="submit" variant="filled" loading={send.isPending}>
          {label}
        </Button>
      </div>
    </form>
  )
}

function isLimit(ampere: number): boolean {
  return ampere === 0 || (ampere >= 6 && ampere <= 80)
}

function consequence({ name, sockets }: DepotState, standingLimitA: number): string {
  const charging = sockets.filter(({ state }) => state === 'charging').length
  const all = count(sockets.length, 'socket')
  if (!Number.isFinite(standingLimitA)) return `Ends the optimisation of ${name}, with ${all}, at once.`
  const together = power(sockets.length * standingLimitA * phaseV)
  return `Ends the optimisation of ${name} at once. ${all} keep ${fixed(standingLimitA, 0)} A each, together at most ${together} on one phase each; ${count(charging, 'vehicle')} charge now.`
}
