#!/bin/sh
# Makes the secret files that docker-compose.yml names, with random passwords. A file that is there is never changed.
#   sh deploy/make-secrets.sh                  in deploy/secrets; fill in the clouds' credentials yourself
#   sh deploy/make-secrets.sh --simulated      in deploy/secrets-simulated, with the simulators' credentials
#   MUSTER_SECRETS=/elsewhere sh deploy/make-secrets.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# With underscores: alibaba_ecs.
providers='sagemaker alibaba_ecs tensorpool'

case ${1:-} in
  '') folder=${MUSTER_SECRETS:-$here/secrets} ;;
  --simulated) folder=${MUSTER_SECRETS:-$here/secrets-simulated} ;;
  *) sed -n 's/^# *//p' "$0" >&2; exit 2 ;;
esac
simulated=${1:-}

# Nobody else enters the folder; its files can be read by the users that containers run as.
mkdir -p "$folder"
chmod 700 "$folder"
put() {
  [ -e "$folder/$1" ] && return
  cat > "$folder/$1.new"
  chmod 644 "$folder/$1.new"
  mv "$folder/$1.new" "$folder/$1"
}
password() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
login() { echo "postgresql://$1:$2@ledger-db:5432/muster"; }

password | put temporal_db_password
password | put ledger_admin_password
login muster_admin "$(cat "$folder/ledger_admin_password")" | put ledger_admin_url
login muster_ledger_worker "$(password)" | put ledger_url
for provider in $providers; do
  login "muster_${provider}_worker" "$(password)" | put "ledger_url_$provider"
done

# The clouds' credentials. The simulators' are no secret.
if [ "$simulated" ]; then
  printf '[default]\naws_access_key_id = %s\naws_secret_access_key = %s\n' \
    AKIASIMULATEDACCESS0 simulated-secret-access-key | put aws_credentials
  printf '[default]\ntype = access_key\naccess_key_id = %s\naccess_key_secret = %s\n' \
    LTAISIMULATEDACCESSKEY00 simulated-access-key-secret | put alibaba_credentials
  echo tp-simulated-api-key | put tensorpool_key
else
  printf '# [default]\n# aws_access_key_id = ...\n# aws_secret_access_key = ...\n' | put aws_credentials
  printf '# [default]\n# type = access_key\n# access_key_id = ...\n# access_key_secret = ...\n' | put alibaba_credentials
  put tensorpool_key < /dev/null
fi
