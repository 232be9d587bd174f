import { Button, Modal } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useId, useState } from 'react'
import { operations } from '../../../../schemas/operations.ts'
import { api } from '../../../shared/api/client.ts'
import { useToday } from '../../../shared/clock.ts'
import { ProblemNotice } from '../../../shared/components/notice.tsx'
import { fspsQuery, statementQuery, statementsQuery } from '../../queries.ts'
import { ProductOptions } from '../market/product-options.tsx'
import styles from './prepare.module.css'

/** Asks for FSP, product and month, and prepares the draft of their statement; an earlier draft is made anew. */
export function PrepareStatement({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Prepare a statement" size={420}>
      <PrepareForm onClose={onClose} />
    </Modal>
  )
}

function PrepareForm({ onClose }: { onClose: () => void }) {
  const fsps = useQuery(fspsQuery).data?.filter((fsp) => fsp.status === 'accepted') ?? []
  const today = useToday()
  const [chosen, setChosen] = useState<string | null>(null)
  const [ofProduct, setOfProduct] = useState('A')
  const [chosenMonth, setMonth] = useState<string | null>(null)
  const month = chosenMonth ?? today.slice(0, 7)
  const queries = useQueryClient()
  const navigate = useNavigate()
  const ids = { fsp: useId(), product: useId(), month: useId() }
  const fspId = chosen ?? fsps[0]?.fspId ?? ''
  const prepare = useMutation({
    mutationFn: () => api.call(operations.prepareStatement, { body: { fspId, product: ofProduct, month } }),
    onSuccess: (made) => {
      queries.setQueryData(statementQuery(made.statementId).queryKey, made)
      void queries.invalidateQueries({ queryKey: statementsQuery.queryKey })
      onClose()
      void navigate({ to: '/settlement/$statementId', params: { statementId: made.statementId } })
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    prepare.mutate()
  }
  return (
    <form className={styles.form} onSubmit={onSubmit}>
      <label htmlFor={ids.fsp}>FSP</label>
      <select id={ids.fsp} value={fspId} onChange={(event) => setChosen(event.currentTarget.value)}>
        {fsps.map((fsp) => (
          <option key={fsp.fspId} value={fsp.fspId}>
            {fsp.companyName}
          </option>
        ))}
      </select>
      <label htmlFor={ids.product}>Product</label>
      <select id={ids.product} value={ofProduct} onChange={(event) => setOfProduct(event.currentTarget.value)}>
        <ProductOptions />
      </select>
      <label htmlFor={ids.month}>Month</label>
      <input
        id={ids.month}
        type="month"
        required
        value={month}
        onChange={(event) => setMonth(event.currentTarget.value)}
      />
      <p className={styles.note}>
        Quarter-hours that have ended by now are settled. An existing draft is prepared again under the same number.
      </p>
      {prepare.isError && (
        <div className={styles.note}>
          <ProblemNotice error={prepare.error} />
        </div>
      )}
      <div className={styles.actions}>
        <Button onClick={onClose}>Cancel</Button>
        <Button type="submit" variant="filled" loading={prepare.isPending} disabled={fspId === '' || month === ''}>
          Prepare
        </Button>
      </div>
    </form>
  )
}
