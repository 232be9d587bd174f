import { Button, Checkbox, Modal, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Assessment, ProfileVersion } from '../../../../schemas/grid/profiles.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { useSession } from '../../../shared/api/session.ts'
import { LinkButton } from '../../../shared/components/link-button.tsx'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { TwoStep } from '../../../shared/components/two-step.tsx'
import { kw } from '../../../shared/format/power.ts'
import { dayInWords } from '../../../shared/format/time.ts'
import { highestLimitW } from '../../../shared/profiles/words.ts'
import { useRefusal } from '../../session.ts'
import styles from './decision.module.css'
import { missingInWords } from './words.ts'

/** The version that is decided on, as it is on the screen. */
function of({ profileId, revision }: ProfileVersion) {
  return { params: { id: profileId }, version: revision }
}

function useDecision(decide: () => Promise<ProfileVersion>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: decide,
    onSettled: () =>
      queries.invalidateQueries({ predicate: ({ queryKey: [head] }) => head === 'profile' || head === 'profiles' }),
  })
}

/** Amend, reject or approve an application. Nobody decides on what is their own. */
export function Decision({ version, assessment }: { version: ProfileVersion; assessment: Assessment | null }) {
  const refusal = useRefusal('planner')
  const me = useSession()?.username
  const [supersede, setSupersede] = useState(false)
  const [assumption, setAssumption] = useState('')
  const stated = assumption.trim()
  const body = stated === '' ? { supersede } : { supersede, assumption: stated }
  const approve = useDecision(() => api.call(operations.approveProfile, { ...of(version), body }))
  if (version.state !== 'applied') return null
  const own = [version.appliedBy, version.editedBy].includes(me ?? null)
  const second = own ? 'You applied for or edited this yourself: another planner has to decide on it.' : null
  return (
    <>
      <LinkButton
        to="/applications/$profileId/edit"
        params={{ profileId: version.profileId }}
        disabled={refusal !== null}
        title={refusal ?? undefined}
      >
        Amend
      </LinkButton>
      <Rejection version={version} refusal={refusal ?? second} />
      <TwoStep
        primary
        label="Approve"
        refusal={refusal ?? second}
        action={approve}
        consequence={
          <>
            <p>
              {version.connectionName} may then import up to {kw(highestLimitW(version))}, from{' '}
              {dayInWords(version.validFrom)} to {dayInWords(version.validTo)}.
            </p>
            {assessment !== null && assessment.refusals.length > 0 && (
              <p className={styles.warning}>The assessment says that it does not fit.</p>
            )}
            {assessment !== null && assessment.missing.length > 0 && (
              <Textarea
                size="sm"
                label="Assumption in place of what is not known"
                description={missingInWords(assessment.missing).join('; ')}
                autosize
                minRows={2}
                value={assumption}
                onChange={(event) => setAssumption(event.currentTarget.value)}
              />
            )}
            <Checkbox
              size="sm"
              label="End or shorten approved versions that it overlaps"
              checked={supersede}
              onChange={(event) => setSupersede(event.currentTarget.checked)}
            />
          </>
        }
      />
    </>
  )
}

function Rejection({ version, refusal }: { version: ProfileVersion; refusal: string | null }) {
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const reject = useDecision(() =>
    api.call(operations.rejectProfile, { ...of(version), body: { reason: reason.trim() } }),
  )
  return (
    <>
      <Button disabled={refusal !== null} title={refusal ?? undefined} onClick={() => setAsking(true)}>
        Reject
      </Button>
      <Modal opened={asking} onClose={() => setAsking(false)} title="Reject this application" size={440}>
        <div className={styles.form}>
          <Textarea
            size="sm"
            label="Reason, shown to the applicant"
            autosize
            minRows={3}
            data-autofocus
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          {reject.isError && <ProblemNotice error={reject.error} />}
          <div className={styles.actions}>
            <Button onClick={() => setAsking(false)}>Cancel</Button>
            <Button
              variant="filled"
              disabled={reason.trim() === ''}
              loading={reject.isPending}
              onClick={() => reject.mutate(undefined, { onSuccess: () => setAsking(false) })}
            >
              Reject
            </Button>
          </div>
        </div>
      </Modal>
    </>
  )
}
