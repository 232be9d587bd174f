export { Certificate, type CertificateFiles, type CertificateMaterial } from './tls.ts'
