import { useMutation, useQueryClient } from '@tanstack/react-query'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { Notice } from '../../../../shared/components/notice.tsx'
import { PanelPart } from '../../../../shared/components/side-panel.tsx'
import { TwoStep } from '../../../../shared/components/two-step.tsx'
import { count } from '../../../../shared/format/power.ts'
import { useRefusal } from '../../../session.ts'

/** Approves all MPANs of an application at once. @param waiting how many are undecided. */
export function ApplicationDecision({ applicationId, waiting }: { applicationId: string; waiting: number }) {
  const queries = useQueryClient()
  const refusal = useRefusal('planner', 'flexibility-engineer')
  const approve = useMutation({
    mutationFn: () =>
      api.call(operations.decideOnAuthorityApplication, {
        params: { id: applicationId },
        body: { decision: 'approve' },
      }),
    onSettled: () => queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('market') ?? false }),
  })
  return (
    <PanelPart title="The whole application">
      <TwoStep
        label={`Approve all ${waiting} MPANs`}
        consequence={`The FSP may act for ${count(waiting, 'MPAN')} of this application. An MPAN without a connection, or held by an FSP already, stays undecided.`}
        refusal={refusal}
        action={approve}
      />
      {approve.data && approve.data.leftCount > 0 && (
        <Notice tone="risk">{`${count(approve.data.leftCount, 'MPAN')} still undecided: open each one to decide on it.`}</Notice>
      )}
    </PanelPart>
  )
}
