export { createMailer, type Mail, type Mailer, mailerFromEnvironment } from './mail.ts'
