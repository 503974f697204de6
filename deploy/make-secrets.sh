#!/bin/sh
# Makes the secret files that docker-compose.yml names, with random passwords. Never changes an existing file.
#   sh deploy/make-secrets.sh                  in deploy/secrets; add the clouds' credentials yourself
#   sh deploy/make-secrets.sh --simulated      in deploy/secrets-simulated, with the simulators' credentials
#   MUSTER_SECRETS=/elsewhere sh deploy/make-secrets.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
# Names with underscores, as in alibaba_ecs.
providers='sagemaker alibaba_ecs tensorpool'

case ${1:-} in
  '') folder=${MUSTER_SECRETS:-$here/secrets} ;;
  --simulated) folder=${MUSTER_SECRETS:-$here/secrets-simulated} ;;
  *) sed -n 's/^# *//p' "$0" >&2; exit 2 ;;
esac
simulated=${1:-}

# Only this user may enter the folder. Its files must be readable for the users of the containers.
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

# The clouds' credentials. Those of the simulators are not secret.
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
