import { z } from 'zod';

/** The body of POST /cluster/create in the service's schema. The form of a name is not known. */
export const CreateInput = z.object({
  instance_type: z.string(),
  public_keys: z.array(z.string()).nullish(),
  num_nodes: z.int().min(1).nullish(),
  tp_cluster_name: z.string().nullish(),
  container: z.string().nullish(),
  deletion_protection: z.boolean().nullish(),
  save_keys: z.boolean().default(true),
});
export type CreateInput = z.infer<typeof CreateInput>;

/** The body of PATCH /cluster/edit/{id}. The vendor's client sends `cluster_name`, a third party's `tp_cluster_name`. */
export const EditInput = z.object({
  cluster_name: z.string().min(1).nullish(),
  tp_cluster_name: z.string().min(1).nullish(),
  deletion_protection: z.boolean().nullish(),
});
