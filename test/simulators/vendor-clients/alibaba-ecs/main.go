// Creates, uses and deletes a cluster with the vendor's Go client: go run . HOST:PORT KEY_ID KEY_SECRET REGION
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	openapi "github.com/alibabacloud-go/darabonba-openapi/v2/client"
	"github.com/alibabacloud-go/tea/dara"
	"github.com/alibabacloud-go/tea/tea"
)

const (
	superComputing = "ecs.sccgn7ex.32xlarge"
	// Bounds of a wait; the simulator is started at a speed that ends each wait within a second.
	pause    = 50 * time.Millisecond
	maxTries = 400
)

// Hard cases of the signature's encoding: blanks, quotes, brackets, stars, plus signs and other scripts.
const awkward = "it's (a) *test*! a+b ~ 集群"

type caller struct {
	client *openapi.Client
	region string
}

func main() {
	if len(os.Args) != 5 {
		fail("usage: go run . HOST:PORT KEY_ID KEY_SECRET REGION")
	}
	client, err := openapi.NewClient(&openapi.Config{
		Endpoint:        dara.String(os.Args[1]),
		Protocol:        dara.String("HTTP"),
		AccessKeyId:     dara.String(os.Args[2]),
		AccessKeySecret: dara.String(os.Args[3]),
		RegionId:        dara.String(os.Args[4]),
	})
	if err != nil {
		fail(err.Error())
	}
	runAll(caller{client, os.Args[4]})
	fmt.Println("all steps passed")
}

func runAll(c caller) {
	creation := map[string]string{"Name": "go-life", "Description": awkward, "ClientToken": "create-1"}
	cluster := text(c.must("CreateHpcCluster", creation)["HpcClusterId"])
	expect(cluster, text(c.must("CreateHpcCluster", creation)["HpcClusterId"]))
	c.refused("CreateHpcCluster", map[string]string{"Name": "other", "ClientToken": "create-1"}, "IdempotentParameterMismatch")
	listed := c.must("DescribeHpcClusters", map[string]string{"HpcClusterIds": asJSON([]string{cluster})})
	expect(awkward, text(dig(listed, "HpcClusters", "HpcCluster", 0, "Description")))

	ids := c.run(map[string]string{
		"HpcClusterId": cluster, "InstanceType": superComputing, "ImageId": "ubuntu_22", "SecurityGroupId": "sg-1",
		"VSwitchId": "vsw-1", "Amount": "2", "MinAmount": "1", "InstanceName": "node-[1,4]", "ClientToken": "run-1",
		"Tag.1.Key": "muster:key", "Tag.1.Value": awkward,
	})
	expect(2, len(ids))
	shown := c.untilRunning(ids)
	expect("node-0002", text(dig(shown, "Instances", "Instance", 0, "InstanceName")))
	expect(awkward, text(dig(shown, "Instances", "Instance", 0, "Tags", "Tag", 0, "TagValue")))

	release := map[string]string{"InstanceId.1": ids[0], "InstanceId.2": ids[1]}
	c.refused("DeleteInstances", release, "IncorrectInstanceStatus")
	release["Force"] = "true"
	c.must("DeleteInstances", release)
	deletion := map[string]string{"HpcClusterId": cluster}
	c.refused("DeleteHpcCluster", deletion, "NotEmpty.HpcCluster")
	c.until("DeleteHpcCluster", deletion, "NotEmpty.HpcCluster")
	c.refused("DeleteHpcCluster", deletion, "NotExists.HpcCluster")
}

// run repeats the call while its container is still being created, under the same token.
func (c caller) run(parameters map[string]string) []string {
	reply := c.until("RunInstances", parameters, "InvalidHpcClusterId.Creating")
	ids := []string{}
	for _, id := range dig(reply, "InstanceIdSets", "InstanceIdSet").([]any) {
		ids = append(ids, text(id))
	}
	return ids
}

func (c caller) untilRunning(ids []string) any {
	for try := 0; try < maxTries; try++ {
		query := map[string]string{"InstanceIds": asJSON(ids), "MaxResults": "100", "Status": "Running"}
		reply := c.must("DescribeInstances", query)
		if len(dig(reply, "Instances", "Instance").([]any)) == len(ids) {
			return reply
		}
		time.Sleep(pause)
	}
	fail("the instances did not run in time")
	return nil
}

// until repeats a call for as long as it is refused with this code.
func (c caller) until(action string, parameters map[string]string, code string) map[string]any {
	for try := 0; try < maxTries; try++ {
		reply, got := c.call(action, parameters)
		if got == "" {
			return reply
		}
		expect(code, got)
		time.Sleep(pause)
	}
	fail(action + " did not succeed in time")
	return nil
}

func (c caller) must(action string, parameters map[string]string) map[string]any {
	reply, code := c.call(action, parameters)
	expect("", code)
	return reply
}

func (c caller) refused(action string, parameters map[string]string, code string) {
	_, got := c.call(action, parameters)
	expect(code, got)
}

// call returns the reply's body, or the code of the vendor's error.
func (c caller) call(action string, parameters map[string]string) (map[string]any, string) {
	query := map[string]*string{"RegionId": dara.String(c.region)}
	for name, value := range parameters {
		query[name] = dara.String(value)
	}
	params := &openapi.Params{
		Action: dara.String(action), Version: dara.String("2014-05-26"), Protocol: dara.String("HTTP"),
		Pathname: dara.String("/"), Method: dara.String("POST"), AuthType: dara.String("AK"),
		Style: dara.String("RPC"), ReqBodyType: dara.String("formData"), BodyType: dara.String("json"),
	}
	reply, err := c.client.CallApi(params, &openapi.OpenApiRequest{Query: query}, &dara.RuntimeOptions{})
	if err == nil {
		return reply["body"].(map[string]any), ""
	}
	var refusal *tea.SDKError
	if !errors.As(err, &refusal) {
		fail(fmt.Sprintf("%s: %T %v", action, err, err))
	}
	return nil, tea.StringValue(refusal.Code)
}

// dig follows names and indexes into a reply.
func dig(value any, path ...any) any {
	for _, step := range path {
		switch at := step.(type) {
		case string:
			value = value.(map[string]any)[at]
		case int:
			value = value.([]any)[at]
		}
	}
	return value
}

func text(value any) string {
	found, ok := value.(string)
	if !ok || found == "" {
		fail(fmt.Sprintf("not a text: %v", value))
	}
	return found
}

func asJSON(ids []string) string {
	bytes, err := json.Marshal(ids)
	if err != nil {
		fail(err.Error())
	}
	return string(bytes)
}

func expect[T comparable](wanted, got T) {
	if wanted != got {
		fail(fmt.Sprintf("wanted %v, got %v", wanted, got))
	}
}

func fail(message string) {
	panic(message)
}
