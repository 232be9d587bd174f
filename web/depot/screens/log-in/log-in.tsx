import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import { fspOperations } from '../../../../schemas/fsp/operations.ts'
import { LogInBox, type NameAndPassword, NameAndPasswordFields } from '../../../shared/components/log-in-box.tsx'
import { ProofRefused } from '../../../shared/components/notice.tsx'
import styles from '../../../shared/log-in.module.css'
import { api, token } from '../../api.ts'
import { queryClient } from '../../queries.ts'

/** Name and password of an account at the FSP. */
export function LogIn() {
  const { next } = useSearch({ from: '/log-in' })
  const router = useRouter()
  const [given, setGiven] = useState<NameAndPassword>({ username: '', password: '' })
  useEffect(() => {
    document.title = 'Log in · Ringmain'
  }, [])
  const logIn = useMutation({
    mutationFn: () => api.call(fspOperations.logIn, { body: given }),
    onSuccess: (session) => {
      queryClient.clear()
      token.keep(session.token)
      // An address of our own only: anything else would lead a person who has just logged in to a stranger's page.
      router.history.push(router.basepath + (next?.startsWith('/') && !next.startsWith('//') ? next : '/'))
    },
  })
  const onSubmit = (event: FormEvent) => {
    event.preventDefault()
    logIn.mutate()
  }
  return (
    <LogInBox purpose="Charging and flexibility of fleets">
      <form onSubmit={onSubmit} className={styles.form}>
        <NameAndPasswordFields given={given} onChange={setGiven} />
        {logIn.isError && <ProofRefused error={logIn.error} />}
        <Button type="submit" variant="filled" size="sm" loading={logIn.isPending}>
          Log in
        </Button>
      </form>
    </LogInBox>
  )
}
