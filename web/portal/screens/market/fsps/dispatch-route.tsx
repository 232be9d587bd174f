import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Fsp } from '../../../../../schemas/market/parties.ts'
import { operations } from '../../../../../schemas/operations.ts'
import { api } from '../../../../shared/api/client.ts'
import { ProblemNotice } from '../../../../shared/components/notice.tsx'
import { PanelPart } from '../../../../shared/components/side-panel.tsx'
import { useRefusal } from '../../../session.ts'
import styles from './dispatch-route.module.css'

/** By which way instructions go to an FSP: its control API, or sheets by e-mail while that does not work. */
export function DispatchRoute({ fsp }: { fsp: Fsp }) {
  const [route, setRoute] = useState(fsp.dispatchRoute)
  const [email, setEmail] = useState(fsp.dispatchEmail ?? '')
  const queries = useQueryClient()
  const refusal = useRefusal('flexibility-engineer')
  const change = useMutation({
    mutationFn: () =>
      api.call(operations.setDispatchRoute, {
        params: { id: fsp.fspId },
        body: route === 'http' ? { route } : { route, email: email.trim() === '' ? null : email.trim() },
      }),
    onSettled: () =>
      queries.invalidateQueries({
        predicate: ({ meta }) => meta?.topics?.some((topic) => topic === 'market' || topic === 'proposals') ?? false,
      }),
  })
  const isChanged = route !== fsp.dispatchRoute || (route === 'email' && email.trim() !== (fsp.dispatchEmail ?? ''))
  return (
    <PanelPart title="Instructions go">
      <span className={styles.row}>
        <select
          className="rm-select"
          aria-label="Instructions go"
          value={route}
          onChange={(event) => setRoute(event.currentTarget.value === 'email' ? 'email' : 'http')}
        >
          <option value="http">to its control API</option>
          <option value="email">by e-mail, confirmed manually</option>
        </select>
        <Button
          disabled={refusal !== null || !isChanged}
          title={refusal ?? undefined}
          loading={change.isPending}
          onClick={() => change.mutate()}
        >
          Change
        </Button>
      </span>
      {route === 'email' && (
        <input
          className="rm-select"
          type="email"
          aria-label="E-mail for instructions"
          placeholder={fsp.contactEmail}
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
      )}
      {change.isError && <ProblemNotice error={change.error} />}
    </PanelPart>
  )
}
