/** The kinds of objects that the chart makes, with the schema of each. */
import { ScaledObject } from '@kubernetes-models/keda/keda.sh/v1alpha1/ScaledObject';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { PersistentVolumeClaim } from 'kubernetes-models/v1/PersistentVolumeClaim';
import { Secret } from 'kubernetes-models/v1/Secret';
import { Service } from 'kubernetes-models/v1/Service';
import { ServiceAccount } from 'kubernetes-models/v1/ServiceAccount';

export interface KubernetesObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels?: Record<string, string> };
  // biome-ignore lint/suspicious/noExplicitAny: each kind has its own, checked by its schema
  spec?: any;
}

const kinds = {
  ConfigMap,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  Job,
  PersistentVolumeClaim,
  PodDisruptionBudget,
  ScaledObject,
  Secret,
  Service,
  ServiceAccount,
  ServiceMonitor,
};

/** What the schema of its kind says against an object. */
export function kindFindings(object: KubernetesObject): string[] {
  const Kind = kinds[object.kind as keyof typeof kinds] as new (
    data: unknown,
  ) => {
    apiVersion: string;
    validate(): void;
  };
  if (!Kind) return [`${object.kind} is not known to this check: add it to scripts/deploy/kinds.ts`];
  const name = `${object.kind} ${object.metadata.name}`;
  const model = new Kind(object);
  if (model.apiVersion !== object.apiVersion) return [`${name}: ${object.apiVersion} is not ${model.apiVersion}`];
  try {
    model.validate();
    return [];
  } catch (error) {
    return [`${name}: ${(error as Error).message}`];
  }
}
