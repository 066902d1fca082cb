import { CfnOutput, Stack } from 'aws-cdk-lib';
import { EndpointType, type RestApi, SecurityPolicy } from 'aws-cdk-lib/aws-apigateway';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { ApiGatewayDomain } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import type { Domain as DomainSettings } from './settings.ts';

export interface DomainProps extends DomainSettings {
  api: RestApi;
}

/** A name of the operator's own for the API. It has the API at its root, since wallet-sdk drops a path from the address. */
export class Domain extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, { api, name, certificateArn, hostedZoneId }: DomainProps) {
    super(scope, id);
    const domain = api.addDomainName('Domain', {
      domainName: name,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
      endpointType: EndpointType.REGIONAL,
      securityPolicy: SecurityPolicy.TLS_1_2,
    });
    this.url = `https://${name}/`;
    if (hostedZoneId) {
      const zone = HostedZone.fromHostedZoneId(this, 'Zone', hostedZoneId);
      // With a dot at its end the name is whole.
      const recordName = `${name}.`;
      new ARecord(this, 'Record', { zone, recordName, target: RecordTarget.fromAlias(new ApiGatewayDomain(domain)) });
    } else {
      new CfnOutput(Stack.of(this), 'DomainTarget', {
        description: `What ${name} has to point at: a CNAME record`,
        value: domain.domainNameAliasDomainName,
      });
    }
  }
}
