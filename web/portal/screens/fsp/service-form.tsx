import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { FlexibleUnit } from '../../../../schemas/market/parties.ts'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { PanelPart } from '../../../shared/components/side-panel.tsx'

/** Declares an FU in or out of service from now on: out of service nothing is sent to it. */
export function ServiceForm({ unit }: { unit: FlexibleUnit }) {
  const [reason, setReason] = useState('')
  const queries = useQueryClient()
  const declare = useMutation({
    mutationFn: () =>
      api.call(operations.declareServiceStatus, {
        params: { id: unit.fuId },
        body: { inService: !unit.inService, reason: reason.trim() },
      }),
    onSettled: () => queries.invalidateQueries({ predicate: ({ meta }) => meta?.topics?.includes('market') ?? false }),
  })
  return (
    <PanelPart title="Service">
      <span>
        {unit.inService
          ? 'In service. Out of service, no turn-down is sent to it and its availability is not paid.'
          : 'Out of service: no turn-down is sent to it.'}
      </span>
      <input
        className="rm-select"
        aria-label="Reason for the change of service"
        placeholder="Reason"
        maxLength={500}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      {declare.isError && <ProblemNotice error={declare.error} />}
      <span>
        <Button disabled={reason.trim().length < 3} loading={declare.isPending} onClick={() => declare.mutate()}>
          {unit.inService ? 'Take it out of service' : 'Put it back into service'}
        </Button>
      </span>
    </PanelPart>
  )
}
