/** Client certificates and trust of one task. */
import { X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { inputError } from '../errors';
import type { ClientTls } from './input';

export interface TlsMaterial {
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly ca?: string;
}

/**
 * The material as Node takes it; undefined when none is given. Pure.
 * @throws ConnectorError (no retry) when it is incomplete or unusable
 */
export function clientTlsOf(input: ClientTls | undefined): TlsMaterial | undefined {
  const cert = filled(input?.clientCertificate);
  const key = filled(input?.clientPrivateKey);
  const ca = filled(input?.trustedCertificate);
  const passphrase = filled(input?.privateKeyPassword);
  if (cert === undefined && key === undefined && ca === undefined) return undefined;
  if ((cert === undefined) !== (key === undefined)) {
    throw inputError(
      'mTLS client authentication requires both a client certificate and a private key; only one was provided.',
    );
  }
  const material: TlsMaterial = {
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(ca === undefined ? {} : { ca }),
    ...(passphrase === undefined ? {} : { passphrase }),
  };
  try {
    createSecureContext(material);
    // A secure context passes over trust that it cannot read.
    if (ca !== undefined) new X509Certificate(ca);
  } catch (error) {
    throw inputError('Failed to build SSL context for mTLS from the provided certificate material', {
      origin: error,
    });
  }
  return material;
}

function filled(text: string | undefined): string | undefined {
  return text === undefined || text.trim() === '' ? undefined : text;
}
